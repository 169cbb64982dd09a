/* replay: runs a target over every file of the folders named, and over none. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>

#define INPUT_MAX_BYTES ((size_t)1024 * 1024)

static void
run_file(const char *path)
{
	FILE *const file = fopen(path, "re");
	uint8_t *const bytes = malloc(INPUT_MAX_BYTES);
	uint8_t *exact;
	size_t n;

	if (file == NULL || bytes == NULL)
		exit(2);
	n = fread(bytes, 1, INPUT_MAX_BYTES, file);
	(void)fclose(file);
	/* Of its very size, so that a sanitizer sees one byte too many. */
	exact = realloc(bytes, n == 0 ? 1 : n);
	if (exact == NULL)
		exit(2);
	(void)LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

static int
run_folder(const char *folder)
{
	DIR *const dir = opendir(folder);
	const struct dirent *entry;
	char path[4096];
	int n = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s/%s", folder, entry->d_name);
		(void)fprintf(stderr, "%s\n", entry->d_name);
		run_file(path);
		n++;
	}
	(void)closedir(dir);
	return n;
}

int
main(int argc, char **argv)
{
	int n = 0;

	(void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		n += run_folder(argv[i]);
	(void)printf("%d inputs\n", n);
	return n > 0 ? 0 : 1;
}

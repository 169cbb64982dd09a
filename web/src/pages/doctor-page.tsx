// What stands between the caller and the answer, for admins.

import { useEffect, useState } from 'preact/hooks';
import { checkAgain, lastCheck, type Doctor, type Finding } from '../api/doctor.ts';
import { unreachable } from '../api/failure.ts';
import { shortTime } from '../call-page/clock.ts';
import { useTitle } from '../components/hooks.ts';
import { Icon, type IconName } from '../components/icons.tsx';
import { Notice } from '../components/notice.tsx';
import { readersLocale } from '../format/locale.ts';
import { fullTime } from '../format/time.ts';
import { useLoaded } from '../settings/use-loaded.ts';
import { text } from '../text.ts';

const ASK_EVERY_MS = 2000;
/** A check takes some seconds, a minute where nobody answers. */
const LATE_MS = 150_000;

export function DoctorPage() {
  const words = text.doctor;
  useTitle(text.pageTitle(words.title));
  const { state, set, again } = useLoaded(lastCheck);
  return (
    <>
      <div class="head">
        <h1>{words.title}</h1>
      </div>
      <p class="lede">{words.about}</p>
      <div class="wrap settings" aria-busy={state.is === 'loading'}>
        {state.is === 'loading' && (
          <p class="vh" role="status">
            {words.loading}
          </p>
        )}
        {state.is === 'failed' && (
          <Notice title={words.failedLoad} failure={state.failure} level="h2" onAgain={again} />
        )}
        {state.is === 'here' && (
          <>
            <LastCheck doctor={state.value} onChanged={set} />
            {SEVERITIES.map((severity) => (
              <Findings
                key={severity}
                severity={severity}
                findings={state.value.findings.filter((each) => each.severity === severity)}
              />
            ))}
          </>
        )}
      </div>
    </>
  );
}

/** Asks until a check that is under way is over. */
function useFollowed(doctor: Doctor, onChanged: (doctor: Doctor) => void): boolean {
  const [isLate, setLate] = useState(false);
  const { pending, checked_at: checkedAt } = doctor;
  useEffect(() => {
    if (!pending) return;
    setLate(false);
    const since = performance.now();
    const timer = setInterval(() => {
      setLate(performance.now() - since > LATE_MS);
      // Who cannot be asked just now is asked again.
      lastCheck().then(onChanged, () => {});
    }, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [pending, checkedAt, onChanged]);
  return pending && isLate;
}

interface LastProps {
  doctor: Doctor;
  onChanged: (doctor: Doctor) => void;
}

function LastCheck({ doctor, onChanged }: LastProps) {
  const words = text.doctor;
  const isLate = useFollowed(doctor, onChanged);
  const [error, setError] = useState<string | null>(null);
  const check = (): void => {
    if (doctor.pending) return;
    setError(null);
    checkAgain().then(onChanged, (reason) => {
      const { code } = unreachable(reason);
      setError(code === 'jobs_not_running' ? words.jobs : words.failed(code));
    });
  };
  const isFirst = doctor.checked_at === null;
  return (
    <section class="set" aria-labelledby="doctor-last">
      <h2 id="doctor-last">{summary(doctor)}</h2>
      <p class="vh" role="status">
        {doctor.pending ? words.pending : summary(doctor)}
      </p>
      <p class="sub">{isFirst ? words.never.words : <When doctor={doctor} />}</p>
      <div class="set-acts">
        <button
          type="button"
          class="btn btn-solid btn-lg"
          aria-disabled={doctor.pending}
          onClick={check}
        >
          {doctor.pending ? words.pending : isFirst ? words.first : words.again}
        </button>
      </div>
      {(error !== null || isLate) && (
        <p class="err" role="alert">
          {error ?? words.late}
        </p>
      )}
    </section>
  );
}

function When({ doctor }: { doctor: Doctor }) {
  const locale = readersLocale();
  const at = new Date(doctor.checked_at ?? 0);
  return (
    <span title={fullTime(at, locale)}>
      {text.doctor.at(shortTime(at, locale), doctor.host ?? '')}
    </span>
  );
}

function summary({ checked_at: checkedAt, findings }: Doctor): string {
  const words = text.doctor;
  const of = (severity: Finding['severity']): number =>
    findings.filter((each) => each.severity === severity).length;
  if (checkedAt === null) return words.never.title;
  const [faults, warnings] = [of('fault'), of('warning')];
  return faults + warnings === 0 ? words.fine : words.sum(faults, warnings);
}

type Severity = Finding['severity'];

const SEVERITIES: Severity[] = ['fault', 'warning', 'not_checked', 'ok'];
const ICONS: Record<Severity, [icon: IconName, tone: string]> = {
  fault: ['alert', 'o-missed'],
  warning: ['failed', 'o-abandoned'],
  not_checked: ['eye', ''],
  ok: ['check', 'o-answered'],
};

function Findings({ severity, findings }: { severity: Severity; findings: Finding[] }) {
  if (findings.length === 0) return null;
  const id = `doctor-${severity}`;
  return (
    <section class="set" aria-labelledby={id}>
      <h2 id={id}>{text.doctor.severities[severity]}</h2>
      {severity === 'ok' ? (
        <p class="sub" lang="en">
          {findings.map(({ check }) => check.replace('_', ' ')).join(', ')}
        </p>
      ) : (
        <ul class="things findings">
          {findings.map((each) => (
            <Found key={`${each.code} ${each.text}`} finding={each} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** What the program writes is English, whatever the page speaks. */
function Found({ finding: { code, severity, text: found, mend } }: { finding: Finding }) {
  const [icon, tone] = ICONS[severity];
  return (
    <li class={tone}>
      <Icon name={icon} />
      <div>
        <p lang="en">{found}</p>
        {mend !== null && (
          <p class="mend">
            <b>{text.doctor.mend}</b> <span lang="en">{mend}</span>
          </p>
        )}
        <p class="sub mono" lang="en">
          {code}
        </p>
      </div>
    </li>
  );
}

import { Icon } from './icons.tsx';

export function Mark() {
  return (
    <span class="mark">
      <Icon name="mark" />
    </span>
  );
}

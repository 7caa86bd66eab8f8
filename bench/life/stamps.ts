import type {Micros} from '../../src/event/event.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/**
 * Times as the different logs write them. Forms that name no zone are in the zone of this process, as on a real machine.
 * The minute's text is kept, for lines of one minute stand together.
 */
export class Stamps {
  #minute = Number.NaN;
  #syslog = '';
  #local = '';
  #web = '';
  #utc = '';

  /** `Mar  4 10:00:01` */
  syslog(time: Micros): string {
    this.#at(time);
    return `${this.#syslog}${seconds(time)}`;
  }

  /** `2026-03-04T10:00:01.123456+00:00` */
  iso(time: Micros): string {
    this.#at(time);
    return `${this.#utc}${seconds(time)}.${String(time % 1e6).padStart(6, '0')}+00:00`;
  }

  /** `2026-03-04 10:00:01`, local */
  local(time: Micros): string {
    this.#at(time);
    return `${this.#local}${seconds(time)}`;
  }

  /** `2026-03-04 10:00:01,123`, local; `mark` stands before the milliseconds */
  localMillis(time: Micros, mark: string): string {
    return `${this.local(time)}${mark}${String(Math.floor((time % 1e6) / 1000)).padStart(3, '0')}`;
  }

  /** `04/Mar/2026:10:00:01 +0000` */
  web(time: Micros): string {
    this.#at(time);
    return `${this.#web}${seconds(time)} +0000`;
  }

  #at(time: Micros): void {
    const minute = Math.floor(time / 60e6);
    if (minute === this.#minute) return;
    this.#minute = minute;
    const date = new Date(minute * 60_000);
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}:`;
    const dayOfMonth = date.getDate();
    this.#syslog = `${months[date.getMonth()]} ${String(dayOfMonth).padStart(2)} ${clock}`;
    this.#local = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(dayOfMonth)} ${clock}`;
    this.#utc = date.toISOString().slice(0, 17);
    const utcClock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:`;
    this.#web = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${utcClock}`;
  }
}

function seconds(time: Micros): string {
  return two(Math.floor(time / 1e6) % 60);
}

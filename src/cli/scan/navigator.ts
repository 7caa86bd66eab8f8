import type {EcsRecord} from '../../event/ecs.ts';
import {Tally} from './tally.ts';

/** Counts hits by ATT&CK technique, for a layer of the ATT&CK Navigator. */
export class NavigatorLayer {
  readonly #techniques = new Map<string, Tally>();

  add(record: EcsRecord): void {
    const techniques = record['threat.technique.id'];
    if (typeof techniques !== 'object') return;
    for (const id of techniques) {
      const rules = this.#techniques.get(id) ?? new Tally(1_000);
      this.#techniques.set(id, rules);
      rules.add(String(record['rule.name']));
    }
  }

  /** The layer as the Navigator's format 4.5 has it: a score for each technique, and which rules gave it. */
  text(description: string): string {
    const techniques = [...this.#techniques]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([techniqueID, rules]) => ({
        techniqueID,
        score: rules.total,
        comment: rules
          .largest(20)
          .map(([name, count]) => `${name}: ${count}`)
          .join('\n'),
        enabled: true,
        showSubtechniques: techniqueID.includes('.'),
      }));
    const most = Math.max(1, ...techniques.map(({score}) => score));
    const layer = {
      name: 'siem scan',
      versions: {attack: '16', navigator: '5.1.0', layer: '4.5'},
      domain: 'enterprise-attack',
      description,
      sorting: 3,
      hideDisabled: false,
      techniques,
      gradient: {colors: ['#ffe5b4', '#ff6600'], minValue: 1, maxValue: most},
      legendItems: [],
      showTacticRowBackground: false,
      selectTechniquesAcrossTactics: true,
      selectSubtechniquesWithParent: false,
    };
    return `${JSON.stringify(layer, null, 2)}\n`;
  }
}

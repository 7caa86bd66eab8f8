import {type Expression, f32x4, get, i32, i32x4, type Local, type Statement, set} from './wasm/code.ts';
import type {Variables} from './wasm/module.ts';

type Vector = Expression<'v128'>;

/** Beyond these e^x leaves what single precision holds. */
const least = -87;
const most = 87;

/** ln 2 in two parts, the first exact in a few bits, so that n · ln 2 loses nothing. */
const ln2High = 0.693359375;
const ln2Low = Math.LN2 - ln2High;

/** Taylor's series to the seventh power: |x| ≤ ln 2 / 2 leaves 5e-9 of it, less than single precision shows. */
const coefficients = [1 / 5_040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1];

/**
 * Code of e^x and what is made of it, on four numbers at once in single precision. Errors, held by tests: e^x 3e-7 of
 * its value, sigmoid and tanh 3e-7 absolute. x is taken as −87 or 87 beyond these; NaN as −87.
 */
export class VectorMath {
  private readonly x: Local<'v128'>;
  private readonly power: Local<'v128'>;

  constructor(variables: Variables) {
    this.x = variables.local('v128');
    this.power = variables.local('v128');
  }

  /** e^x = 2^n · e^r with n the nearest whole number to x / ln 2; 2^n is made by putting n in the exponent's bits. */
  exponential(target: Local<'v128'>, of: Vector): Statement {
    const x = get(this.x);
    const power = get(this.power);
    const bounded = f32x4.smaller(f32x4.constant(most), f32x4.larger(f32x4.constant(least), of));
    const twoToPower = i32x4.shiftLeft(i32x4.add(i32x4.truncate(power), i32x4.splat(i32.constant(127))), 23);
    return [
      ...set(this.x, bounded),
      ...set(this.power, f32x4.nearest(f32x4.multiply(x, f32x4.constant(Math.LOG2E)))),
      ...set(this.x, f32x4.subtract(x, f32x4.multiply(power, f32x4.constant(ln2High)))),
      ...set(this.x, f32x4.subtract(x, f32x4.multiply(power, f32x4.constant(ln2Low)))),
      ...set(target, f32x4.multiply(polynomial(x), twoToPower)),
    ];
  }

  /** 1 / (1 + e^−x) */
  sigmoid(target: Local<'v128'>, of: Vector): Statement {
    const one = f32x4.constant(1);
    return [
      ...this.exponential(target, f32x4.subtract(f32x4.constant(0), of)),
      ...set(target, f32x4.divide(one, f32x4.add(one, get(target)))),
    ];
  }

  /** 2 · sigmoid(2x) − 1 */
  tanh(target: Local<'v128'>, of: Vector): Statement {
    const two = f32x4.constant(2);
    return [
      ...this.sigmoid(target, f32x4.multiply(two, of)),
      ...set(target, f32x4.subtract(f32x4.multiply(two, get(target)), f32x4.constant(1))),
    ];
  }
}

/** Horner's rule. */
function polynomial(x: Vector): Vector {
  const [first = 0, ...rest] = coefficients;
  return rest.reduce(
    (sum, coefficient) => f32x4.add(f32x4.multiply(sum, x), f32x4.constant(coefficient)),
    f32x4.constant(first),
  );
}

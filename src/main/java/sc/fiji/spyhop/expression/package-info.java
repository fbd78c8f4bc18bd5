/**
 * Formulas that users write for layers and losses: a small language without loops, names of classes
 * or anything that reaches outside, its derivatives, and programs that compute both for whole
 * minibatches. Knows nothing of networks or engines.
 */
package sc.fiji.spyhop.expression;

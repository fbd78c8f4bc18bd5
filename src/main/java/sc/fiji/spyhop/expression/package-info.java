/**
 * Formulas that users write for layers and losses: a small language without loops, names of classes
 * or anything that reaches outside, its derivatives, and programs that compute both for whole
 * minibatches. Knows nothing of networks or engines. Begin with {@link LayerFormula} and {@link
 * LossFormula}.
 */
package sc.fiji.spyhop.expression;

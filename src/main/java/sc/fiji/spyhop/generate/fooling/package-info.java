/**
 * Images that fool a classifier: it is sure of what they show, and nobody would see it (Nguyen,
 * Yosinski and Clune 2015, "Deep neural networks are easily fooled"). Begin with {@link Fooling}.
 */
package sc.fiji.spyhop.generate.fooling;

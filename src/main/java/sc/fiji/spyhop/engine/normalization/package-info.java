/**
 * Normalization by statistics of the maps themselves, forward and backward in Java, which engines
 * share. Values may lie row by row, with channels last, or in blocks of channels. Begin with {@link
 * MapNormalization}.
 */
package sc.fiji.spyhop.engine.normalization;

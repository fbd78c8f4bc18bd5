/**
 * What is measured of things that were found: shape and intensity, as ImageJ measures them. Begin
 * with {@link Measurer}.
 */
package sc.fiji.spyhop.ij.measure;

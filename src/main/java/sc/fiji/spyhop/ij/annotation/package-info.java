/**
 * What a user has marked in an open image: checked, and written as a data set. Begin with {@link
 * Marks} and {@link DataSetFolder}.
 */
package sc.fiji.spyhop.ij.annotation;

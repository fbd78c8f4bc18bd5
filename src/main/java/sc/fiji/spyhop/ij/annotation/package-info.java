/** What a user has marked in an open image: checked, and written as a data set. */
package sc.fiji.spyhop.ij.annotation;

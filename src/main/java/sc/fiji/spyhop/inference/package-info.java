/** Trained models put to work on images of any size. Begin with {@link Runner}. */
package sc.fiji.spyhop.inference;

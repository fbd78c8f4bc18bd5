/** Trained models put to work on images of any size. */
package sc.fiji.spyhop.inference;

/**
 * Colours of stained tissue, brought to those of a reference. Knows arrays of pixels alone. Begin
 * with {@link StainMethod}.
 */
package sc.fiji.spyhop.image.stain;

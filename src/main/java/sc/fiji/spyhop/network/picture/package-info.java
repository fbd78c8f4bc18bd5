/** Draws architectures. Begin with {@link NetworkPicture}. */
package sc.fiji.spyhop.network.picture;

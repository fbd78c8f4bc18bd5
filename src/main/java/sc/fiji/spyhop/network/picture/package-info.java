/** Draws architectures. */
package sc.fiji.spyhop.network.picture;

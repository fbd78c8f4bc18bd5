/** Which images to label next. Begin with {@link Suggester}. */
package sc.fiji.spyhop.active;

/** Which images to label next. */
package sc.fiji.spyhop.active;

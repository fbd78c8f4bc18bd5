/** Which images to label next. */
package sc.fiji.spyhop.pipeline.active;

/** From an image to an answer: models put to work. */
package sc.fiji.spyhop.pipeline;

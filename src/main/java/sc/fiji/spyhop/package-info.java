/**
 * Convolutional networks that look at images in ImageJ. The root holds what every package speaks
 * of: progress, and errors in the words of a user. Begin with {@link Progress}.
 */
package sc.fiji.spyhop;

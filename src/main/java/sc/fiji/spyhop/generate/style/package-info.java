/**
 * Images painted anew in the style of another, by what a network makes of both. Begin with {@link
 * StyleTransfer}.
 */
package sc.fiji.spyhop.generate.style;

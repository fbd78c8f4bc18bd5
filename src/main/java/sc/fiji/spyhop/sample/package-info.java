/**
 * Images painted by formula, with exact truth, to try, to teach and to test with. Begin with {@link
 * NucleiGenerator}.
 */
package sc.fiji.spyhop.sample;

/** Images painted by formula, with exact truth, to try, to teach and to test with. */
package sc.fiji.spyhop.sample;

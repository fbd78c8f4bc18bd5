/** Spyhop from a shell. */
package sc.fiji.spyhop.cli;

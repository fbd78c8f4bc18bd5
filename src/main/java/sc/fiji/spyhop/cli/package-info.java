/** Spyhop from a shell: jobs with options made from their settings, and a console that answers. */
package sc.fiji.spyhop.cli;

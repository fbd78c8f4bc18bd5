/**
 * Spyhop from a shell: jobs with options made from their settings, and a console that answers.
 * Begin with {@link Spyhop}.
 */
package sc.fiji.spyhop.cli;

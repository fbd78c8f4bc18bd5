/**
 * What every job has, whichever way it is asked for: who asked ({@link sc.fiji.spyhop.job.Caller}),
 * the file that is written, and what is wrong with a setting.
 */
package sc.fiji.spyhop.job;

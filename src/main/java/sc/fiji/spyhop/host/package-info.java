/**
 * How ImageJ comes to Spyhop's commands: their settings, from macros and dialogs, in plain ImageJ
 * and in Fiji alike; and, where imagej-legacy is absent, their menu and their runs. Begin with
 * {@link Host} and {@link SettingsPreprocessor}.
 */
package sc.fiji.spyhop.host;

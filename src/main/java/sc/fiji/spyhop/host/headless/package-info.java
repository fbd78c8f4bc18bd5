/**
 * ImageJ without a display: its tables, log and ROI Manager exist though they are not shown, and
 * what it would show as an error ends a macro. Begin with {@link HeadlessImageJ}.
 */
package sc.fiji.spyhop.host.headless;

/**
 * The engine on oneDNN, Intel's library of network primitives for processors: the only place that
 * names it. Feature maps stay in the layouts that its primitives like best, blocks of eight
 * channels for most, and are rearranged only where a network begins and ends. Begin with {@link
 * OneDnnEngine}.
 */
package sc.fiji.spyhop.engine.onednn;

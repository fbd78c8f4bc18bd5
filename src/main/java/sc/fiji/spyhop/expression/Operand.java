package sc.fiji.spyhop.expression;

import java.nio.FloatBuffer;

/**
 * What a function is given.
 *
 * @param values sample by sample, channel by channel, place by place
 */
public record Operand(Dimensions sizes, FloatBuffer values) {}

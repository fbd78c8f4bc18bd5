package sc.fiji.spyhop.engine;

import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.plugin.Extension;
import sc.fiji.spyhop.plugin.Kind;

/**
 * A loss that a jar brings, for what no formula can say: a class with the annotation
 * {@code @Plugin(type = LossPlugin.class, name = "boundary")} and a constructor without parameters.
 * Trainings name it as {@code loss=boundary()}.
 */
@Kind("loss")
public interface LossPlugin extends Extension {

  /**
   * Value of the loss, and its gradient. Values lie sample by sample, channel by channel, place by
   * place.
   *
   * @param sizes of what the network says
   * @param z what it says before its last function
   * @param target as many values; of networks that tell classes apart a class number for each
   *     place, negative where none is known
   * @param weights one for each place, not negative; empty if all count 1
   * @param gradient to be filled with the derivative with respect to each value of z
   */
  double evaluate(Dimensions sizes, float[] z, float[] target, float[] weights, float[] gradient);
}

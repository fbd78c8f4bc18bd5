package sc.fiji.spyhop.engine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a gradient changes the weights. The learning rate is given at each step. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Optimizer.Sgd.class, name = "sgd"),
  @JsonSubTypes.Type(value = Optimizer.Adam.class, name = "adam"),
  @JsonSubTypes.Type(value = Optimizer.AdamW.class, name = "adamw"),
})
public sealed interface Optimizer {

  /** Stochastic gradient descent with Nesterov momentum, in the form of PyTorch and Keras. */
  record Sgd(double momentum) implements Optimizer {}

  /** Kingma and Ba 2015, with bias correction. */
  record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    /** With the numbers of Kingma and Ba: 0.9, 0.999 and 1e-8. */
    public Adam() {
      this(0.9, 0.999, 1e-8);
    }
  }

  /**
   * Adam with decoupled weight decay (Loshchilov and Hutter 2019): {@code w -= rate * decay * w}.
   */
  record AdamW(double beta1, double beta2, double epsilon, double decay) implements Optimizer {
    /** With Adam's 0.9, 0.999 and 1e-8, and so much weight decay. */
    public AdamW(double decay) {
      this(0.9, 0.999, 1e-8, decay);
    }
  }
}

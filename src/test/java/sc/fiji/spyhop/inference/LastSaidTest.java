package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class LastSaidTest {

  private final List<Tensor> asked = new ArrayList<>();

  private final LastSaid network =
      new LastSaid(
          input -> {
            asked.add(input);
            return List.of(Tensor.zeros(Axes.NCHW, input.shape()));
          });

  private static Tensor image(int side, float value) {
    Tensor t = Tensor.zeros(Axes.NCHW, 1, 1, side, side);
    t.data()[0] = value;
    return t;
  }

  @Test
  void theNetworkIsNotAskedTwice() {
    network.apply(image(2, 1));
    network.apply(image(2, 1));
    assertEquals(1, asked.size());
  }

  @Test
  void otherValuesAndOtherShapesAreAsked() {
    network.apply(image(2, 1));
    network.apply(image(2, 2));
    network.apply(image(3, 1));
    assertEquals(3, asked.size());
  }

  @Test
  void threeAreRemembered() {
    for (int i = 0; i < 4; i++) network.apply(image(2, i));
    for (int i = 1; i < 4; i++) network.apply(image(2, i));
    assertEquals(4, asked.size());
    network.apply(image(2, 0));
    assertEquals(5, asked.size());
  }

  @Test
  void largeInputsAreNotRemembered() {
    network.apply(image(1025, 1));
    network.apply(image(1025, 1));
    assertEquals(2, asked.size());
  }

  @Test
  void whatIsForgottenIsAskedAgain() {
    network.apply(image(2, 1));
    network.forget();
    network.apply(image(2, 1));
    assertEquals(2, asked.size());
  }

  @Test
  void whatIsWrittenIntoOutputsIsNotRemembered() {
    for (int i = 0; i < 3; i++) {
      float[] said = network.apply(image(2, 1)).get(0).data();
      assertEquals(0, said[3]);
      said[3] = 7;
    }
    assertEquals(1, asked.size());
  }
}

package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Range;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.Restoration;

class RestorationMinibatchesTest {

  private static final Augmentation NOISY =
      Augmentation.TURNS.withQuality(new Range(0.5, 0.5), new Range(0, 0));

  private static final Restoration TASK =
      Restoration.of(1).withUnits(new Restoration.Units(List.of(3.0), List.of(0.5)));

  /** Pixels that all differ, and a target of twice the value plus 3. */
  private static Sample<Frame> sample(int first, int width, int height) {
    float[] image = new float[width * height];
    float[] target = new float[image.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = first + i;
      target[i] = 2 * image[i] + 3;
    }
    return Sample.of(
        Frame.ofPlanes(List.of(image), width, height).withName("image " + first),
        Frame.ofPlanes(List.of(target), width, height));
  }

  private static MinibatchSampler sampler(
      Restoration task, Augmentation augmentation, List<Sample<Frame>> samples) {
    Network network =
        NetworkBuilder.image(1)
            .bias(true)
            .convolution(Restoration.HEAD, 1, 3)
            .build(Restoration.HEAD);
    ModelSpec.Input input =
        ModelSpec.Input.of(1, new Normalization.Fixed(List.of(0.0), List.of(1.0)));
    return MinibatchSampler.of(
        new TrainingImages<>(
            network,
            input,
            Dataset.ofSamples(samples),
            Dataset.ofSamples(List.of(sample(90_000, 30, 20))),
            new SamplingOptions(4, 16, 0, augmentation, 7)),
        task,
        Ends.of(network, task),
        Progress.NONE);
  }

  private static final List<Sample<Frame>> TWO = List.of(sample(0, 40, 30), sample(10_000, 12, 50));

  @Test
  void imageAndTargetAreCutAtTheSamePlaceAndTurnedAlike() {
    MinibatchSampler sampler = sampler(TASK, Augmentation.TURNS, TWO);
    Set<Float> corners = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      Minibatch made = sampler.make(1, i);
      float[] image = made.inputs().get("image").data();
      Target target = made.targets().get(Restoration.HEAD);
      assertArrayEquals(image, target.values().data());
      assertFalse(target.weights().isPresent());
      assertEquals(4 * 16 * 16, image.length);
      corners.add(image[1] - image[0]);
    }
    // right, left, down and up in the first image
    assertTrue(corners.containsAll(Set.of(1f, -1f, 40f, -40f)), corners.toString());
    float[] again = sampler.make(1, 3).inputs().get("image").data();
    assertArrayEquals(sampler.make(1, 3).inputs().get("image").data(), again);
    assertFalse(Arrays.equals(sampler.make(2, 3).inputs().get("image").data(), again));
  }

  @Test
  void intensitiesOfTheImageAloneAreVaried() {
    Minibatch made = sampler(TASK, NOISY, TWO).make(1, 0);
    float[] image = made.inputs().get("image").data();
    float[] target = made.targets().get(Restoration.HEAD).values().data();
    int whole = 0;
    for (int i = 0; i < image.length; i++) {
      assertEquals(Math.rint(target[i]), target[i]);
      assertEquals(target[i], image[i], 4);
      if (image[i] == Math.rint(image[i])) whole++;
    }
    assertTrue(whole < image.length / 10, whole + " pixels have no noise");
  }

  @Test
  void hiddenPixelsAloneCountWhereThereAreNoTargets() {
    Restoration blind = Restoration.of(1).withBlindSpots();
    List<Sample<Frame>> alone = TWO.stream().map(s -> Sample.of(s.frame(), s.frame())).toList();
    MinibatchSampler sampler = sampler(blind, Augmentation.TURNS, alone);
    int hidden = 0;
    for (int k = 0; k < 10; k++) {
      Minibatch made = sampler.make(1, k);
      float[] image = made.inputs().get("image").data();
      Target target = made.targets().get(Restoration.HEAD);
      float[] weights = target.weights().orElseThrow().data();
      for (int i = 0; i < image.length; i++) {
        boolean same = image[i] == target.values().data()[i];
        if (weights[i] == 1) hidden++;
        else assertTrue(same);
      }
    }
    assertTrue(hidden > 5, hidden + " pixels are hidden");
  }

  @Test
  void validationImagesAreAlwaysLookedAtAlike() {
    MinibatchSampler sampler = sampler(TASK, NOISY, TWO);
    assertEquals(4, sampler.probe().size());
    float[] image = sampler.probe().get(0).inputs().get("image").data();
    assertArrayEquals(
        image, sampler.probe().get(0).targets().get(Restoration.HEAD).values().data());
    assertTrue(sampler.description().contains("2 images with targets"), sampler.description());
  }

  @Test
  void whatDoesNotFitIsRefusedBefore() {
    Frame two = Frame.ofPlanes(List.of(new float[4], new float[4]), 2, 2);
    Frame one = Frame.ofPlanes(List.of(new float[4]), 2, 2);
    SpyhopException image =
        assertThrows(
            SpyhopException.class,
            () -> sampler(TASK, NOISY, List.of(new Sample<>(two.withName("a.tif"), one))));
    assertTrue(image.getMessage().contains("a.tif has 2 channels"), image.getMessage());
    SpyhopException target =
        assertThrows(
            SpyhopException.class,
            () -> sampler(TASK, NOISY, List.of(new Sample<>(one, two.withName("b.tif")))));
    assertTrue(target.getMessage().contains("expected a target of 1 channel"), target.getMessage());
  }
}

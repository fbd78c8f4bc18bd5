package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.util.Strings;

class NetworkGroupTest {

  @Test
  void presetsNotationAndModelsAreShown() {
    Shell vgg = Shell.run("network", "show", "VGG19");
    assertEquals(0, vgg.code(), vgg.err());
    assertTrue(vgg.out().contains("143,667,240 parameters"), vgg.out());
    Shell lenet =
        Shell.run(
            "network", "show", "20C5-MP2-50C5-MP2-FC256-FC", "--input", "1x28x28", "--classes", 10);
    assertEquals(0, lenet.code(), lenet.err());
    assertTrue(lenet.out().contains("20 x 24 x 24         520  5 x 5"), lenet.out());
    assertTrue(
        lenet
            .out()
            .endsWith(
                Strings.format("233,196 parameters%nnotation: 20C5 MP2 50C5 MP2 FC256 FC10%n")
                    .replace("parameters" + System.lineSeparator(), "parameters\n")),
        lenet.out());
    Shell model = Shell.run("network", "show", "nuclei", "--input", "1xanyx64");
    assertEquals(0, model.code(), model.err());
    assertTrue(model.out().contains("1 x any x 64"), model.out());
    Shell small = Shell.run("network", "show", "resnet18", "--input", "1x64x64", "--classes", 2);
    assertTrue(small.out().contains("layer4.1.add_relu"), small.out() + small.err());
  }

  @Test
  void whatIsWrongIsSaid() {
    assertEquals(
        "spyhop: notation: \"50X5\" at character 6: not understood; expected words such as 20C5,"
            + " 64C3/2, 64T4/2, MP2, GAP, FC256, D50, BN or tanh",
        Shell.run("network", "show", "20C5 50X5", "--input", "1x28x28").problem());
    assertTrue(Shell.run("network", "show", "nucleii").problem().contains("expected one of [mlp,"));
    Shell wrong = Shell.run("network", "show", "lenet", "--input", "28x28");
    assertEquals(2, wrong.code());
    assertEquals(
        "spyhop: --input: expected CxHxW such as 3x224x224, received 28x28.", wrong.problem());
    assertEquals(2, Shell.run("network").code());
  }
}

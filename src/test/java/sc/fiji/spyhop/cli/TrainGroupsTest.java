package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four specimens with two images of each of two classes. */
class TrainGroupsTest {

  private static final String SIDES = "3 groups (12 images) to train on, 1 (4) to validate on";

  @TempDir Path folder;

  private Path images() throws IOException {
    StringBuilder index = new StringBuilder("image,class,specimen\n");
    for (int i = 0; i < 16; i++) {
      int specimen = i / 4;
      String name = "s" + specimen + "_" + i + ".png";
      BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
      image.getRaster().setSample(i % 8, i / 8, 0, 50 * (i % 2) + 100);
      ImageIO.write(image, "png", folder.resolve(name).toFile());
      index.append(name + (i % 2 == 0 ? ",even,S" : ",odd,S") + specimen + "\n");
    }
    Files.writeString(folder.resolve("index.csv"), index);
    return folder;
  }

  private static Shell brief(Object... line) {
    Object[] once = {"--epochs", 1, "--steps", 1, "--batch", 2, "--force"};
    return Shell.run(Stream.concat(Stream.of(line), Stream.of(once)).toArray());
  }

  @Test
  void trainingAndFineTuningKeepGroupsOnOneSide() throws IOException {
    Path data = images();
    Path model = folder.resolve("m.spyhop");
    Object[] train = {"train", "classify", "--data", data, "--output", model, "--network", "2C3"};
    for (String group : new String[] {"specimen", "{specimen}_*"}) {
      Shell trained = brief(Stream.concat(Stream.of(train), Stream.of("--group", group)).toArray());
      assertEquals(0, trained.code(), trained.err());
      assertTrue(trained.err().contains(SIDES), trained.err());
    }
    Path tuned = folder.resolve("t.spyhop");
    Shell again =
        brief(
            "finetune", "--model", model, "--data", data, "--output", tuned, "--group", "specimen");
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains(SIDES), again.err());
    Shell wrong = brief(Stream.concat(Stream.of(train), Stream.of("--group", "{s")).toArray());
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("--group: expected a pattern"), wrong.err());
  }
}

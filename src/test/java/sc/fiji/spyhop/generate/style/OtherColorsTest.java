package sc.fiji.spyhop.generate.style;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OtherColorsTest {

  private static final float[] PHOTO = {
    0.1f, 0.4f, 0.8f, 0.6f, 0.2f, /* green */ 0.2f, 0.1f, 0.9f, 0.5f, 0.3f, /* blue */ 0.7f, 0.3f,
    0.1f, 0.2f, 0.4f
  };

  private static final float[] STYLE = {
    0.9f, 0.2f, 0.5f, 0.3f, /* green */ 0.1f, 0.7f, 0.6f, 0.2f, /* blue */ 0.4f, 0.8f, 0.3f, 0.1f
  };

  private static double mean(int channel, float... values) {
    int n = values.length / 3;
    double sum = 0;
    for (int i = 0; i < n; i++) sum += values[channel * n + i];
    return sum / n;
  }

  private static double covariance(int a, int b, float... values) {
    int n = values.length / 3;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (values[a * n + i] - mean(a, values)) * (values[b * n + i] - mean(b, values));
    }
    return sum / n;
  }

  @Test
  void matchedColorsHaveTheMeanAndTheCovarianceOfTheOthers() {
    float[] matched = OtherColors.matched(STYLE, PHOTO);
    for (int a = 0; a < 3; a++) {
      assertEquals(mean(a, PHOTO), mean(a, matched), 1e-5);
      for (int b = 0; b < 3; b++) {
        assertEquals(covariance(a, b, PHOTO), covariance(a, b, matched), 1e-5);
      }
    }
  }

  @Test
  void greyIsMatchedAsOneChannel() {
    float[] grey = OtherColors.grey(STYLE);
    float[] matched = OtherColors.matched(grey, OtherColors.grey(PHOTO));
    for (int i = 0; i < 4; i++) {
      assertEquals(matched[i], matched[4 + i], 1e-4);
      assertEquals(matched[i], matched[8 + i], 1e-4);
    }
    assertEquals(mean(0, OtherColors.grey(PHOTO)), mean(0, matched), 1e-5);
  }

  /** 0.299 x 0.9 + 0.587 x 0.1 + 0.114 x 0.4. */
  @Test
  void greyIsLuminance() {
    assertEquals(0.3734, OtherColors.grey(STYLE)[0], 1e-6);
  }

  /** Luminance is that of the one, and differences between colours are those of the other. */
  @Test
  void luminanceIsPaintedUnderTheColorsOfThePhoto() {
    float[] other = PHOTO.clone();
    for (int i = 0; i < other.length; i++) other[i] *= 0.5f;
    float[] both = OtherColors.luminance(other, PHOTO);
    assertArrayEquals(OtherColors.grey(other), OtherColors.grey(both), 1e-6f);
    for (int i = 0; i < 5; i++) {
      assertEquals(PHOTO[i] - PHOTO[5 + i], both[i] - both[5 + i], 1e-6);
      assertEquals(PHOTO[i] - PHOTO[10 + i], both[i] - both[10 + i], 1e-6);
    }
  }
}

package sc.fiji.spyhop.job.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTitleTest {

  /** What files are called in a folder of results, and what tables call their images. */
  @ParameterizedTest
  @CsvSource({
    "img001, img001.jpg",
    "day1_img001, day1/img001.jpg",
    "in_day1_img001, in/day1/img001.jpg",
    "img001.jpg, img001.jpg",
    "day1_img001.jpg, day1/img001.jpg",
    "img001.jpg_2, img001.jpg"
  })
  void tablesNameAsManyFoldersAsItTakes(String name, String title) {
    BatchJob.Image image =
        new BatchJob.Image(name, Path.of("data/in/day1/img001.jpg"), null, null, null);
    assertEquals(title, image.title());
  }
}

package sc.fiji.spyhop.dataset.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.prediction.LocalizedObject;

/**
 * What several COCO files say of the same images: an object that is in two of them, as in those of
 * instances and keypoints, is one.
 */
final class CocoFiles {

  /** An object, as files have it. */
  record Key(AnnotationBuilder image, String type, JsonNode bbox, JsonNode mask) {}

  /**
   * What a file has said of an object.
   *
   * @param object absent for points without one
   */
  record Said(Optional<LocalizedObject> object, boolean pose) {}

  private final Map<Key, Said> before = new HashMap<>();
  private final Map<Key, Said> now = new HashMap<>();

  /** What the files before this one have said; empty for points without an object. */
  Optional<Said> before(Key key) {
    return key.bbox.isEmpty() && key.mask.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(before.get(key));
  }

  void add(Key key, Said said) {
    now.put(key, said);
  }

  /** What comes is in another file. */
  void next() {
    before.putAll(now);
    now.clear();
  }
}

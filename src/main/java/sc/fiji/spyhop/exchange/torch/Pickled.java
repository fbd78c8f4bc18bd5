package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pickle may build. There is nothing else. */
sealed interface Pickled {

  /** No value. */
  enum None implements Pickled {
    NONE
  }

  /** A truth value. */
  record Truth(boolean value) implements Pickled {}

  /** A whole number that fits into 64 bits. */
  record Whole(long value) implements Pickled {}

  /** A whole number that does not. */
  record Large(java.math.BigInteger value) implements Pickled {}

  /** A number with a fraction. */
  record Real(double value) implements Pickled {}

  /** A text. */
  record Text(String value) implements Pickled {}

  /** A list or tuple; a list grows while a pickle is read. */
  final class Sequence implements Pickled {
    private final List<Pickled> items = new ArrayList<>();

    /** Which may change. */
    List<Pickled> items() {
      return items;
    }
  }

  /** A dictionary, ordered or not; it grows while a pickle is read. Its keys are texts. */
  final class Dictionary implements Pickled {
    private final Map<String, Pickled> entries = new LinkedHashMap<>();

    /** Which may change. */
    Map<String, Pickled> entries() {
      return entries;
    }
  }

  /** The name of a class or function on the closed list, which is never loaded. */
  record Global(String name) implements Pickled {}

  /** An object of a TorchScript archive: the name of its class, and its fields. */
  final class Instance implements Pickled {
    private final String type;
    private Dictionary fields = new Dictionary();

    Instance(String type) {
      this.type = type;
    }

    /** As text alone; no such class is looked for. */
    String type() {
      return type;
    }

    Dictionary fields() {
      return fields;
    }

    /** Gives it fields, which are shared, not copied. */
    void fill(Dictionary state) {
      fields = state;
    }
  }

  /**
   * Numbers that lie elsewhere in the file.
   *
   * @param count of numbers, as the pickle says
   */
  record Storage(StorageType type, String key, long count) implements Pickled {}

  /**
   * A view of a storage.
   *
   * @param offset of its first number
   * @param sizes along each dimension
   * @param strides from a number to the next along each
   */
  record View(Storage storage, long offset, List<Integer> sizes, List<Long> strides)
      implements Pickled {}
}

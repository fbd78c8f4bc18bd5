package sc.fiji.spyhop.exchange.torch;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Reads pickles of protocols 2 to 5 as <a
 * href="https://docs.python.org/3/library/pickletools.html">pickletools</a> describes them, as far
 * as files of weights need: a closed list of operations, of functions ({@link TorchGlobals}) and of
 * what they build ({@link Pickled}). All else is refused by name. No class is loaded, and nothing
 * is called.
 */
final class PickleReader {

  /** Of a stack, a memo and all that is built. */
  private static final int MAX_VALUES = 2_000_000;

  private static final int MAX_TEXT = 1 << 20;

  private static final int MAX_LONG = 64;

  private final ByteBuffer bytes;
  private final List<Pickled> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final Map<Integer, Pickled> memo = new HashMap<>();
  private int built;

  /**
   * Reads from where a buffer is.
   *
   * @param bytes whose position moves to behind the pickle that is read
   */
  PickleReader(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads one pickle.
   *
   * @throws SpyhopException naming what is not on the list, or if it is not sound
   */
  Pickled read() {
    try {
      while (true) {
        int operation = Byte.toUnsignedInt(bytes.get());
        if (operation == '.') return pop();
        step(operation);
      }
    } catch (BufferUnderflowException e) {
      throw new SpyhopException("the pickle is cut off. Get the file again, in full.", e);
    }
  }

  private static SpyhopException unsound(String why) {
    return new SpyhopException("the pickle is not sound (" + why + "). Get the file again.");
  }

  private void step(int operation) {
    switch (operation) {
      case 0x80 -> protocol();
      case 0x95 -> bytes.getLong();
      case '(' -> marks.push(stack.size());
      case '0' -> pop();
      case '1' -> sinceMark();
      case '2' -> push(peek());
      case 'N' -> push(Pickled.None.NONE);
      case 0x88 -> push(new Pickled.Truth(true));
      case 0x89 -> push(new Pickled.Truth(false));
      case 'K' -> push(new Pickled.Whole(Byte.toUnsignedInt(bytes.get())));
      case 'M' -> push(new Pickled.Whole(Short.toUnsignedInt(bytes.getShort())));
      case 'J' -> push(new Pickled.Whole(bytes.getInt()));
      case 0x8a -> push(whole(Byte.toUnsignedInt(bytes.get())));
      case 0x8b -> push(whole(bytes.getInt()));
      case 'G' ->
          push(new Pickled.Real(Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()))));
      case 'X', 'T' -> push(text(bytes.getInt()));
      case 0x8c, 'U' -> push(text(Byte.toUnsignedInt(bytes.get())));
      case 0x8d -> push(text(bytes.getLong()));
      case ']' -> push(new Pickled.Sequence());
      case ')' -> push(new Pickled.Sequence());
      case '}' -> push(new Pickled.Dictionary());
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(sinceMark());
      case 's' -> {
        Pickled value = pop();
        set(List.of(pop(), value));
      }
      case 'u' -> set(sinceMark());
      case 't' -> tuple(sinceMark());
      case 0x85 -> tuple(last(1));
      case 0x86 -> tuple(last(2));
      case 0x87 -> tuple(last(3));
      case 'h' -> push(remembered(Byte.toUnsignedInt(bytes.get())));
      case 'j' -> push(remembered(bytes.getInt()));
      case 'q' -> remember(Byte.toUnsignedInt(bytes.get()));
      case 'r' -> remember(bytes.getInt());
      case 0x94 -> remember(memo.size());
      case 'c' -> push(TorchGlobals.known(line() + "." + line()));
      case 0x93 -> {
        String name = word(pop());
        push(TorchGlobals.known(word(pop()) + "." + name));
      }
      case 'R', 0x81 -> {
        Pickled arguments = pop();
        push(TorchGlobals.call(pop(), arguments));
      }
      case 'b' -> {
        Pickled state = pop();
        push(TorchGlobals.filled(pop(), state));
      }
      case 'Q' -> push(TorchGlobals.storage(pop()));
      default ->
          throw new SpyhopException(
              Strings.format(
                  "the pickle asks for the operation 0x%02x, which is not among those that weights need; it is not opened.",
                  operation));
    }
  }

  private void protocol() {
    int protocol = Byte.toUnsignedInt(bytes.get());
    if (protocol < 2 || protocol > 5) throw unsound("protocol " + protocol);
  }

  private void push(Pickled value) {
    if (stack.size() >= MAX_VALUES || ++built > 16 * MAX_VALUES) {
      throw new SpyhopException("the pickle holds more values than any network needs.");
    }
    stack.add(value);
  }

  private Pickled peek() {
    if (stack.isEmpty()) throw unsound("an empty stack");
    return stack.get(stack.size() - 1);
  }

  private Pickled pop() {
    Pickled top = peek();
    stack.remove(stack.size() - 1);
    if (!marks.isEmpty() && marks.peek() > stack.size()) throw unsound("a mark");
    return top;
  }

  private List<Pickled> sinceMark() {
    if (marks.isEmpty()) throw unsound("no mark");
    int from = marks.pop();
    return last(stack.size() - from);
  }

  private List<Pickled> last(int count) {
    if (count > stack.size()) throw unsound("an empty stack");
    List<Pickled> tail = stack.subList(stack.size() - count, stack.size());
    List<Pickled> values = List.copyOf(tail);
    tail.clear();
    if (!marks.isEmpty() && marks.peek() > stack.size()) throw unsound("a mark");
    return values;
  }

  private void tuple(List<Pickled> items) {
    Pickled.Sequence tuple = new Pickled.Sequence();
    tuple.items().addAll(items);
    push(tuple);
  }

  private void append(List<Pickled> items) {
    if (!(peek() instanceof Pickled.Sequence list)) throw unsound("no list to append to");
    count(items.size());
    list.items().addAll(items);
  }

  private void count(int more) {
    built += more;
    if (built > 16 * MAX_VALUES) {
      throw new SpyhopException("the pickle holds more values than any network needs.");
    }
  }

  private void set(List<Pickled> pairs) {
    if (!(peek() instanceof Pickled.Dictionary dictionary) || pairs.size() % 2 != 0) {
      throw unsound("no dictionary to fill");
    }
    count(pairs.size());
    for (int i = 0; i < pairs.size(); i += 2) {
      dictionary.entries().put(key(pairs.get(i)), pairs.get(i + 1));
    }
  }

  /** Dictionaries of weights have texts as keys, those of settings of training numbers as well. */
  private static String key(Pickled key) {
    if (key instanceof Pickled.Text text) return text.value();
    if (key instanceof Pickled.Whole number) return Long.toString(number.value());
    throw new SpyhopException(
        "the pickle has a dictionary with keys that are neither texts nor numbers; it is not opened.");
  }

  private Pickled remembered(int index) {
    Pickled value = memo.get(index);
    if (value == null) throw unsound("nothing remembered as " + index);
    return value;
  }

  private void remember(int index) {
    if (memo.size() >= MAX_VALUES) throw unsound("too much to remember");
    memo.put(index, peek());
  }

  private Pickled whole(int length) {
    if (length < 0 || length > MAX_LONG) throw unsound("a number of " + length + " bytes");
    byte[] number = take(length);
    for (int i = 0; i < length / 2; i++) {
      byte swapped = number[i];
      number[i] = number[length - 1 - i];
      number[length - 1 - i] = swapped;
    }
    BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(number);
    OptionalInt bits = OptionalInt.of(value.bitLength());
    return bits.getAsInt() < Long.SIZE
        ? new Pickled.Whole(value.longValue())
        : new Pickled.Large(value);
  }

  private byte[] take(long length) {
    if (length < 0 || length > MAX_TEXT) throw unsound("a text of " + length + " bytes");
    if (length > bytes.remaining()) throw new BufferUnderflowException();
    byte[] taken = new byte[(int) length];
    bytes.get(taken);
    return taken;
  }

  private Pickled.Text text(long length) {
    try {
      return new Pickled.Text(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(take(length))).toString());
    } catch (CharacterCodingException e) {
      throw unsound("a text that is not in UTF-8");
    }
  }

  private static String word(Pickled value) {
    if (value instanceof Pickled.Text text) return text.value();
    throw unsound("a name that is no text");
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (char c = (char) bytes.get(); c != '\n'; c = (char) bytes.get()) {
      if (line.length() > 1000) throw unsound("a name without end");
      line.append(c);
    }
    return line.toString();
  }
}

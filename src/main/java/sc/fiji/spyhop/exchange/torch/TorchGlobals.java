package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** Names that a pickle of weights may speak of, and what is built in their stead. */
final class TorchGlobals {

  private static final String SCRIPT = "__torch__.";

  private static final String VIEW = "torch._utils._rebuild_tensor_v2";
  private static final String OLD_VIEW = "torch._utils._rebuild_tensor";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";

  /** Give what they are given. */
  private static final Set<String> AS_THEY_ARE =
      Set.of(
          "torch.Size",
          "torch.jit._pickle.build_intlist",
          "torch.jit._pickle.build_doublelist",
          "torch.jit._pickle.build_boollist",
          "torch.jit._pickle.build_tensorlist",
          "torch.jit._pickle.restore_type_tag");

  private static final Set<String> DICTIONARIES = Set.of("collections.OrderedDict");

  /** Most numbers of one tensor, and of the dimensions of one. */
  private static final long MAX_NUMBERS = Integer.MAX_VALUE - 8L;

  private static final int MAX_RANK = 8;

  private TorchGlobals() {}

  /**
   * A name, if it is on the list.
   *
   * @throws SpyhopException naming it if it is not
   */
  static Pickled.Global known(String name) {
    boolean isKnown =
        name.startsWith(SCRIPT)
            || name.equals(VIEW)
            || name.equals(OLD_VIEW)
            || name.equals(PARAMETER)
            || AS_THEY_ARE.contains(name)
            || DICTIONARIES.contains(name)
            || StorageType.of(name).isPresent();
    if (isKnown) return new Pickled.Global(name);
    throw new SpyhopException(
        Strings.format(
            "asks for %s, which is not among what weights are made of (tensors, ordered dictionaries, lists, numbers and texts); nothing of it was run. Save the weights alone, torch.save(model.state_dict(), file), or export the network to ONNX.",
            Strings.shorten(Strings.visible(name))));
  }

  /** What a function of the list makes of its arguments. */
  static Pickled call(Pickled function, Pickled arguments) {
    if (!(function instanceof Pickled.Global global)
        || !(arguments instanceof Pickled.Sequence sequence)) {
      throw unsound("a call of what is no function");
    }
    List<Pickled> given = sequence.items();
    String name = global.name();
    if (DICTIONARIES.contains(name)) {
      if (given.isEmpty()) return new Pickled.Dictionary();
      throw unsound("an ordered dictionary with arguments");
    }
    if (AS_THEY_ARE.contains(name)) return at(given, 0);
    if (name.equals(PARAMETER)) {
      if (at(given, 0) instanceof Pickled.View view) return view;
      throw unsound("a parameter that is no tensor");
    }
    if (name.equals(VIEW) || name.equals(OLD_VIEW)) return view(given);
    if (name.startsWith(SCRIPT)) {
      return new Pickled.Instance(name.substring(SCRIPT.length()));
    }
    throw unsound("a call of " + Strings.visible(name));
  }

  /** An object with its state; what an ordered dictionary has besides its entries is left out. */
  static Pickled filled(Pickled object, Pickled state) {
    if (object instanceof Pickled.Dictionary) return object;
    if (object instanceof Pickled.Instance instance) {
      if (state instanceof Pickled.Dictionary fields) instance.fill(fields);
      return instance;
    }
    throw unsound("a state of what has none");
  }

  /** A storage, as {@code torch.save} speaks of it: (storage, type, key, device, count). */
  static Pickled.Storage storage(Pickled id) {
    if (!(id instanceof Pickled.Sequence sequence))
      throw unsound("a storage that is not described");
    List<Pickled> parts = sequence.items();
    boolean isStorage =
        parts.size() >= 5
            && at(parts, 0).equals(new Pickled.Text("storage"))
            && at(parts, 1) instanceof Pickled.Global;
    if (!isStorage) throw unsound("a storage that is not described");
    String type = ((Pickled.Global) at(parts, 1)).name();
    String key = at(parts, 2) instanceof Pickled.Text text ? text.value() : "";
    long count = whole(at(parts, 4));
    if (!key.matches("[A-Za-z0-9_]{1,40}") || count < 0 || count > MAX_NUMBERS) {
      throw unsound("a storage \"" + Strings.visible(key) + "\" of " + count + " numbers");
    }
    return new Pickled.Storage(
        StorageType.of(type).orElseThrow(() -> unsound("a storage of " + Strings.visible(type))),
        key,
        count);
  }

  private static Pickled.View view(List<Pickled> given) {
    if (!(at(given, 0) instanceof Pickled.Storage storage)) {
      throw unsound("a tensor without a storage");
    }
    long offset = whole(at(given, 1));
    List<Long> sizes = numbers(at(given, 2));
    List<Long> strides = numbers(at(given, 3));
    if (sizes.size() != strides.size() || offset < 0) {
      throw unsound("a tensor with " + sizes.size() + " sizes and " + strides.size() + " strides");
    }
    long count = 1;
    long last = offset;
    List<Integer> small = new ArrayList<>();
    for (int d = 0; d < sizes.size(); d++) {
      long size = sizes.get(d);
      long stride = strides.get(d);
      boolean fits = size >= 0 && size <= storage.count() && stride >= 0 && stride <= MAX_NUMBERS;
      if (!fits) throw beyond();
      small.add((int) size);
      count *= size;
      if (count > storage.count()) throw beyond();
      last += Math.max(0, size - 1) * stride;
    }
    if (count > 0 && last >= storage.count()) throw beyond();
    return new Pickled.View(storage, offset, List.copyOf(small), strides);
  }

  private static SpyhopException beyond() {
    return unsound("a tensor that reaches beyond its storage");
  }

  private static List<Long> numbers(Pickled value) {
    if (!(value instanceof Pickled.Sequence sequence)) throw unsound("sizes that are no list");
    if (sequence.items().size() > MAX_RANK) {
      throw unsound("a tensor of " + sequence.items().size() + " dimensions");
    }
    return sequence.items().stream().map(TorchGlobals::whole).toList();
  }

  private static long whole(Pickled value) {
    if (value instanceof Pickled.Whole number) return number.value();
    throw unsound("a size that is no number");
  }

  private static Pickled at(List<Pickled> values, int index) {
    if (index < values.size()) return values.get(index);
    throw unsound("too few arguments");
  }

  private static SpyhopException unsound(String why) {
    return new SpyhopException("the pickle is not sound (" + why + "). Get the file again.");
  }
}

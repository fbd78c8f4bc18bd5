package sc.fiji.spyhop.engine.dl4j;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.tensor.Tensor;

/** Lends blocks and keeps those given back for the next who asks. Not thread safe. */
final class BlockPool implements AutoCloseable {

  private final Map<List<Integer>, Deque<Block>> idle = new HashMap<>();

  /** A block of this shape, with undefined values. */
  Block take(int... shape) {
    Deque<Block> blocks = idle.get(key(shape));
    return blocks == null || blocks.isEmpty() ? new Block(shape) : blocks.pop();
  }

  Block copy(Tensor tensor) {
    Block block = take(tensor.shape());
    block.write(tensor.data());
    return block;
  }

  void give(Block block) {
    idle.computeIfAbsent(key(block.shape()), k -> new ArrayDeque<>()).push(block);
  }

  private static List<Integer> key(int[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }

  /** Frees what is not lent. */
  @Override
  public void close() {
    idle.values().forEach(blocks -> blocks.forEach(Block::close));
    idle.clear();
  }
}

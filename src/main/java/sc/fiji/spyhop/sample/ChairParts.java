package sc.fiji.spyhop.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * What chairs are made of, in metres: x to the right of who looks at the chair from before it, y
 * from the front to the back, z up from the floor.
 */
final class ChairParts {

  /** The colour of the chair; the others are the same for all chairs. */
  static final int OWN = 0;

  static final int STEEL = 1;
  static final int DARK = 2;
  static final int WOOD = 3;

  private final Mesh mesh = new Mesh();

  List<Mesh.Face> faces() {
    return mesh.faces();
  }

  /** A level board or cushion with sharp edges. */
  ChairParts seat(double width, double depth, double top, double thickness) {
    mesh.box(OWN, -width / 2, -depth / 2, top - thickness, width / 2, depth / 2, top);
    return this;
  }

  /** A level, round board or cushion. */
  ChairParts roundSeat(double radius, double top, double thickness) {
    mesh.rod(OWN, at(0, 0, top - thickness), radius, at(0, 0, top), radius * 0.97);
    return this;
  }

  /** Four square legs. */
  ChairParts legs(int material, double x, double y, double top, double thick, double splay) {
    for (int side = -1; side <= 1; side += 2) {
      for (int end = -1; end <= 1; end += 2) {
        Vector3 foot = at(side * (x + splay), end * (y + splay), 0);
        Vector3 head = at(side * x, end * y, top);
        mesh.beam(material, foot, thick * 0.4, thick * 0.4, head, thick / 2, thick / 2);
      }
    }
    return this;
  }

  /** Round legs that stand farther apart at the floor, the first before the chair if odd. */
  ChairParts roundLegs(int material, int count, double reach, double splay, double top, double r) {
    for (int i = 0; i < count; i++) {
      double turn = count % 2 == 1 ? 0.75 : 0.625;
      double angle = 2 * StrictMath.PI * (turn + i / (double) count);
      Vector3 out = at(StrictMath.cos(angle), StrictMath.sin(angle), 0);
      Vector3 foot = out.times(reach + splay);
      mesh.rod(material, foot, r * 0.7, out.times(reach).plus(at(0, 0, top)), r);
    }
    return this;
  }

  /** A level ring of tube. */
  ChairParts ring(int material, double radius, double height, double thick) {
    mesh.tube(material, thick / 2, arc(radius, height, 0, 2, 24));
    return this;
  }

  private static List<Vector3> arc(double r, double z, double from, double to, int steps) {
    List<Vector3> places = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      double angle = StrictMath.PI * (from + (to - from) * i / steps);
      places.add(at(r * StrictMath.cos(angle), r * StrictMath.sin(angle), z));
    }
    return places;
  }

  /** Two posts that lean backwards. */
  ChairParts posts(int material, double x, double y, double from, double to, double thick) {
    for (int side = -1; side <= 1; side += 2) {
      Vector3 a = at(side * x, y, from);
      Vector3 b = at(side * x, y + lean(from, to), to);
      mesh.beam(material, a, thick / 2, thick / 2, b, thick / 2, thick / 2);
    }
    return this;
  }

  private static double lean(double from, double to) {
    return 0.14 * (to - from);
  }

  /** Level boards between the posts of a back that begins at the height {@code from}. */
  ChairParts slats(int material, double x, double y, double from, double[] tops, double high) {
    for (double top : tops) board(material, x, y, from, top - high, top, 0.02);
    return this;
  }

  /** A leaning, flat back or a part of it. */
  ChairParts board(
      int material, double x, double y, double from, double low, double high, double thick) {
    Vector3 a = at(0, y + lean(from, low), low);
    Vector3 b = at(0, y + lean(from, high), high);
    mesh.beam(material, a, x, thick / 2, b, x, thick / 2);
    return this;
  }

  /** Thin, upright rods in a leaning back. */
  ChairParts spindles(int material, int count, double x, double y, double from, double to) {
    for (int i = 0; i < count; i++) {
      double across = x * (2.0 * i / (count - 1) - 1);
      Vector3 a = at(across * 0.85, y, from);
      mesh.rod(material, a, 0.009, at(across, y + lean(from, to), to), 0.009);
    }
    return this;
  }

  /** A leaning back of bent tube, round at the top. */
  ChairParts hoop(int material, double x, double y, double from, double to, double thick) {
    List<Vector3> places = new ArrayList<>();
    double spring = to - x;
    places.add(at(-x, y, from));
    for (int i = 0; i <= 12; i++) {
      double angle = StrictMath.PI * (1 - i / 12.0);
      double z = spring + x * StrictMath.sin(angle);
      places.add(at(x * StrictMath.cos(angle), y + lean(from, z), z));
    }
    places.add(at(x, y, from));
    mesh.tube(material, thick / 2, places);
    return this;
  }

  /** Level arms on uprights at their front ends. */
  ChairParts arms(int material, double x, double front, double back, double from, double top) {
    for (int side = -1; side <= 1; side += 2) {
      double inner = side * x;
      double outer = side * (x + 0.045);
      mesh.box(material, inner, front, top - 0.025, outer, back, top);
      mesh.box(material, inner, front + 0.02, from, outer, front + 0.06, top - 0.02);
    }
    return this;
  }

  /** A column in the middle. */
  ChairParts column(int material, double from, double to, double radius) {
    mesh.rod(material, at(0, 0, from), radius, at(0, 0, to), radius);
    return this;
  }

  /** A flat, round foot under a column. */
  ChairParts foot(int material, double radius) {
    mesh.rod(material, at(0, 0, 0), radius, at(0, 0, 0.03), radius * 0.8);
    return this;
  }

  /** Five beams with castors; one points to the front. */
  ChairParts star(int material, double reach) {
    for (int i = 0; i < 5; i++) {
      double angle = StrictMath.PI * (1.5 + 0.4 * i);
      Vector3 out = at(StrictMath.cos(angle), StrictMath.sin(angle), 0);
      Vector3 end = out.times(reach).plus(at(0, 0, 0.065));
      mesh.rod(material, at(0, 0, 0.11), 0.03, end, 0.018);
      mesh.ball(DARK, out.times(reach).plus(at(0, 0, 0.03)), 0.03);
    }
    return this;
  }

  /** Steel tubes on both sides: runners on the floor, upright in front and behind. */
  ChairParts sled(double x, double y, double seat) {
    for (int side = -1; side <= 1; side += 2) {
      double s = side * x;
      mesh.tube(
          STEEL,
          0.013,
          List.of(
              at(s, y, seat), at(s, y + 0.03, 0.013), at(s, -y - 0.03, 0.013), at(s, -y, seat)));
    }
    return this;
  }

  /** One steel tube: floor, up in front, back under the seat, up to the back; nothing behind. */
  ChairParts cantilever(double x, double y, double seat, double top) {
    for (int side = -1; side <= 1; side += 2) {
      double s = side * x;
      mesh.tube(
          STEEL,
          0.014,
          List.of(
              at(s, y, 0.014),
              at(s, -y + 0.03, 0.014),
              at(s, -y, 0.05),
              at(s, -y, seat - 0.04),
              at(s, -y + 0.04, seat),
              at(s, y, seat),
              at(s, y + lean(seat, top), top)));
    }
    mesh.tube(STEEL, 0.014, List.of(at(-x, y, 0.014), at(x, y, 0.014)));
    return this;
  }

  /** A beam from side to side. */
  ChairParts rail(int material, double x, double y, double z, double thick) {
    mesh.box(material, -x, y - thick / 2, z - thick / 2, x, y + thick / 2, z + thick / 2);
    return this;
  }

  /** Beams from the front to the back, on both sides. */
  ChairParts sideRails(int material, double x, double y, double z, double thick) {
    for (int side = -1; side <= 1; side += 2) {
      double s = side * x;
      mesh.box(material, s - thick / 2, -y, z - thick / 2, s + thick / 2, y, z + thick / 2);
    }
    return this;
  }

  /** A box of the chair's own colour. */
  ChairParts cushion(double x0, double y0, double z0, double x1, double y1, double z1) {
    mesh.box(OWN, x0, y0, z0, x1, y1, z1);
    return this;
  }

  /** Seat, back and low arms in one: a bowl that is high behind and low in front. */
  ChairParts bowl(double radius, double seat, double top) {
    int rows = 8;
    int columns = 28;
    Vector3[][] inside = new Vector3[rows + 1][columns + 1];
    Vector3[][] outside = new Vector3[rows + 1][columns + 1];
    for (int r = 0; r <= rows; r++) {
      for (int c = 0; c <= columns; c++) {
        double angle = StrictMath.PI * (0.5 + 2.0 * c / columns);
        double rear = (1 + StrictMath.sin(angle)) / 2;
        double rim = seat + 0.02 + (top - seat - 0.02) * rear * rear;
        inside[r][c] = onBowl(radius, seat, rim, r / (double) rows, angle);
        outside[r][c] = onBowl(radius + 0.015, seat - 0.02, rim, r / (double) rows, angle);
      }
    }
    mesh.plate(OWN, inside, outside);
    return this;
  }

  /** From the middle of the ground of the bowl to its rim. */
  private static Vector3 onBowl(double radius, double ground, double rim, double way, double a) {
    double wide = radius * Math.min(1, way * 2) * (1 + 0.12 * Math.max(0, way - 0.5));
    double up = Math.max(0, way - 0.4) / 0.6;
    double z = ground + (rim - ground) * up * (0.4 + 0.6 * up);
    double y = wide * StrictMath.sin(a) + Math.max(0, StrictMath.sin(a)) * 0.05 * up;
    return at(wide * StrictMath.cos(a), y, z);
  }

  private static Vector3 at(double x, double y, double z) {
    return new Vector3(x, y, z);
  }
}

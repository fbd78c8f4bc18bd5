package sc.fiji.spyhop.sample;

/**
 * A camera that looks at the middle of a chair, with perspective. Its light comes from above, left
 * of it. Azimuth 0 is before the chair; the camera goes around it against the clock, seen from
 * above.
 *
 * @param right direction of rows of the picture
 * @param up direction of its columns, upwards
 * @param back from the chair to the camera
 */
record Camera(Vector3 right, Vector3 up, Vector3 back) {

  /** What is looked at: above the middle of the floor under the chair, in metres. */
  static final Vector3 TARGET = new Vector3(0, 0, 0.45);

  /** From the camera to the target, in metres. */
  static final double DISTANCE = 2.5;

  /** Half of a picture's width at the target, in metres. */
  static final double HALF_WIDTH = 0.69;

  /** Towards the light: right, up and back. */
  private static final Vector3 LIGHT = new Vector3(-0.36, 0.48, 0.8);

  private static final double AMBIENT = 0.3;

  /** Angles in degrees. */
  static Camera at(double azimuth, double elevation) {
    double a = azimuth * StrictMath.PI / 180;
    double e = elevation * StrictMath.PI / 180;
    double sa = StrictMath.sin(a);
    double ca = StrictMath.cos(a);
    double se = StrictMath.sin(e);
    double ce = StrictMath.cos(e);
    return new Camera(
        new Vector3(ca, sa, 0),
        new Vector3(-sa * se, ca * se, ce),
        new Vector3(sa * ce, -ca * ce, se));
  }

  /**
   * Where a place is seen.
   *
   * @return x and y from -1 (left, bottom) to 1, and how near it is, which is 1 at the target and
   *     more before it
   */
  Vector3 project(Vector3 place) {
    Vector3 q = place.minus(TARGET);
    double near = DISTANCE / (DISTANCE - q.dot(back));
    return new Vector3(q.dot(right) * near / HALF_WIDTH, q.dot(up) * near / HALF_WIDTH, near);
  }

  /** How much of its colour a face shows, 0 to 1, by the direction that it faces. */
  double brightness(Vector3 normal) {
    Vector3 seen = new Vector3(normal.dot(right), normal.dot(up), normal.dot(back));
    return AMBIENT + (1 - AMBIENT) * Math.max(0, seen.dot(LIGHT));
  }

  /** Across a face, towards the side that is seen. */
  Vector3 normal(Mesh.Face face) {
    Vector3 sum = new Vector3(0, 0, 0);
    Vector3 first = face.corners().get(0);
    for (int i = 1; i + 1 < face.corners().size(); i++) {
      Vector3 a = face.corners().get(i).minus(first);
      Vector3 b = face.corners().get(i + 1).minus(first);
      sum = sum.plus(a.cross(b));
    }
    Vector3 eye = TARGET.plus(back.times(DISTANCE));
    if (sum.length() == 0) return back;
    Vector3 unit = sum.unit();
    return unit.dot(eye.minus(first)) < 0 ? unit.times(-1) : unit;
  }
}

import java.util.List;

/// Values in order.
record Spread(List<Double> values) {
    static Spread of(List<Double> values) {
        return new Spread(values.stream().sorted().toList());
    }

    /// The value below which a part of the values lies, interpolated.
    double at(double part) {
        double position = part * (values.size() - 1);
        int below = (int) position;
        int above = Math.min(below + 1, values.size() - 1);
        return values.get(below) + (position - below) * (values.get(above) - values.get(below));
    }

    static double round(double value, int digits) {
        double factor = Math.pow(10, digits);
        return Math.round(value * factor) / factor;
    }
}

namespace ReSTE.Native.Host;

/// <summary>A polyline without the points that nobody would miss (Ramer, Douglas and Peucker).</summary>
internal static class PlainLine
{
    /// <summary>Keeps ends and every point that the line through the others would miss by more than the tolerance.</summary>
    public static IReadOnlyList<(double X, double Y)> Of(IReadOnlyList<(double X, double Y)> points, double tolerance)
    {
        if (points.Count < 3)
            return points;
        var kept = new bool[points.Count];
        (kept[0], kept[^1]) = (true, true);
        var open = new Stack<(int From, int To)>([(0, points.Count - 1)]);
        while (open.TryPop(out var part))
        {
            var (index, distance) = Farthest(points, part.From, part.To);
            if (distance <= tolerance)
                continue;
            kept[index] = true;
            open.Push((part.From, index));
            open.Push((index, part.To));
        }
        return [.. points.Where((_, i) => kept[i])];
    }

    private static (int Index, double Distance) Farthest(IReadOnlyList<(double X, double Y)> points, int from, int to)
    {
        var (a, b) = (points[from], points[to]);
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        double length = Math.Sqrt(dx * dx + dy * dy);
        var (index, most) = (from, -1.0);
        for (int i = from + 1; i < to; i++)
        {
            var (x, y) = (points[i].X - a.X, points[i].Y - a.Y);
            double distance = length > 0 ? Math.Abs(dx * y - dy * x) / length : Math.Sqrt(x * x + y * y);
            if (distance > most)
                (index, most) = (i, distance);
        }
        return (index, most);
    }
}

using System.Globalization;

namespace ReSTE.Native.Account;

/// <summary>Microseconds of a step that a GPU spent in a kernel, and in how many launches: build/gpu/profile_table.py made it.</summary>
internal static class MeasuredTimes
{
    public static Dictionary<string, (double Microseconds, int Launches)> Read(IEnumerable<string> lines)
    {
        var times = new Dictionary<string, (double, int)>(StringComparer.Ordinal);
        foreach (string line in lines)
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string kernel, string us, string launches, _, _]
                && double.TryParse(us, CultureInfo.InvariantCulture, out double microseconds)
                && int.TryParse(launches, CultureInfo.InvariantCulture, out int count))
                times[kernel] = (microseconds, count);
        return times;
    }
}

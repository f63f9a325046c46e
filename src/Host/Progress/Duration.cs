using System.Globalization;

namespace ReSTE.Native.Host;

/// <summary>A time span as people read it: "0:49", "2:03:07", "4 d 03 h".</summary>
internal static class Duration
{
    public static string Text(TimeSpan span)
    {
        var form = span.TotalDays >= 1 ? @"d\ \d\ hh\ \h" : span.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss";
        return span.ToString(form, CultureInfo.InvariantCulture);
    }
}

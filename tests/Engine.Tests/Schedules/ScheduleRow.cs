namespace ReSTE.Native.Engine.Tests.Schedules;

/// <summary>One line of a recorded schedule.</summary>
internal readonly record struct ScheduleRow(int Epoch, double Rate, double Exponent);

using System.Text.Json;

namespace ReSTE.Native.Account;

/// <summary>
/// <c>account COMPILER CODE LOGS MEASURED PAGE write|check LAUNCHES...</c>, run by build/account.sh: the compiler's version, folders of the
/// disassembly and of ptxas' logs, the table of measured times, the page, and the recorded steps, the first to be shown in full.
/// </summary>
internal static class AccountCommand
{
    private const string Target = "sm_90a";

    /// <summary>Returns 0, or 1 where the page is stale or something cannot be read, or 2 for arguments that are none.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not [string compiler, string code, string logs, string times, string page, "write" or "check", _, ..])
        {
            errors.WriteLine("usage: build/account.sh [--check]");
            return 2;
        }
        try
        {
            var kernels = new CompiledKernels(code, logs, Target);
            StepAccount[] accounts = [.. args.Skip(6).Select(file => StepAccount.Of(Step.Read(file), kernels))];
            List<string> made = Page.Make(compiler, accounts, MeasuredTimes.Read(File.ReadLines(times)));
            return args[5] == "write" ? Write(page, made) : Check(page, made, compiler, output, errors);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            errors.WriteLine($"account.sh: {e.Message}");
            return 1;
        }
    }

    private static int Write(string path, List<string> made)
    {
        File.WriteAllText(path, string.Join('\n', Page.Replace(File.ReadAllLines(path), made)) + "\n");
        return 0;
    }

    private static int Check(string path, List<string> made, string compiler, TextWriter output, TextWriter errors)
    {
        List<string> committed = Page.Read(File.ReadAllLines(path)), differences = Page.Differences(committed, made);
        if (differences.Count == 0)
        {
            output.WriteLine($"account: {path} is up to date");
            return 0;
        }
        differences.ForEach(output.WriteLine);
        string named = Page.Compiler(committed);
        if (named != compiler && named != "")
        {
            output.WriteLine($"account: {path} is of nvcc {named}, and this is {compiler}: the differences above do not count");
            return 0;
        }
        errors.WriteLine($"account.sh: {path} is stale; build/account.sh makes it again");
        return 1;
    }
}

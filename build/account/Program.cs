using ReSTE.Native.Account;

// account COMPILER CODE LOGS MEASURED PAGE write|check LAUNCHES.json...: run by build/account.sh, which says what these are.
// Exit status 1: the page is stale, or something cannot be read.
if (args is not [string compiler, string code, string logs, string times, string path, "write" or "check", _, ..])
{
    Console.Error.WriteLine("usage: build/account.sh [--check]");
    return 2;
}

try
{
    var kernels = new CompiledKernels(code, logs, "sm_90a");
    StepAccount[] accounts = [.. args.Skip(6).Select(file => StepAccount.Of(Step.Read(file), kernels))];
    List<string> made = Page.Make(compiler, accounts, MeasuredTimes.Read(File.ReadLines(times)));
    string[] page = File.ReadAllLines(path);
    if (args[5] == "write")
    {
        File.WriteAllText(path, string.Join('\n', Page.Replace(page, made)) + "\n");
        return 0;
    }
    return Check(path, Page.Read(page), made, compiler);
}
catch (Exception e) when (e is InvalidDataException or IOException or System.Text.Json.JsonException)
{
    Console.Error.WriteLine($"account.sh: {e.Message}");
    return 1;
}

static int Check(string path, List<string> committed, List<string> made, string compiler)
{
    List<string> differences = Page.Differences(committed, made);
    if (differences.Count == 0)
    {
        Console.WriteLine($"account: {path} is up to date");
        return 0;
    }
    differences.ForEach(Console.WriteLine);
    string named = Page.Compiler(committed);
    if (named != compiler)
    {
        Console.WriteLine($"account: {path} is of nvcc {named}, this is {compiler}: the difference above is not counted");
        return 0;
    }
    Console.Error.WriteLine($"account.sh: {path} is stale: build/account.sh makes it again");
    return 1;
}

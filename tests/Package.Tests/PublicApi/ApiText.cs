using System.Reflection;
using System.Runtime.CompilerServices;

namespace ReSTE.Native.Package.Tests.PublicApi;

/// <summary>
/// What an assembly shows to the world, one line a type and one a member, sorted. What a compiler adds or an override repeats is left out.
/// </summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        string name = $"{type.Namespace}.{TypeText.Of(type)}";
        yield return $"{name}: {TypeText.Kind(type)}";
        foreach (MemberInfo member in type.GetMembers(Declared))
        {
            if (Text(type, member) is { } text)
                yield return $"{name}.{text}";
        }
    }

    private static string? Text(Type type, MemberInfo member) => member switch
    {
        PropertyInfo property => Property(property),
        _ when member.IsDefined(typeof(CompilerGeneratedAttribute)) => null,
        ConstructorInfo constructor => IsVisible(constructor) && !constructor.IsStatic
            ? $"new{Parameters(constructor)}{Marks(constructor)}"
            : null,
        MethodInfo method => IsVisible(method) && !method.IsSpecialName && !IsOverride(method)
            ? $"{method.Name}{Parameters(method)} -> {TypeText.Nullable(method.ReturnParameter)}{Marks(method)}"
            : null,
        FieldInfo { IsSpecialName: false } field => !field.IsPublic ? null
            : type.IsEnum ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}"
            : $"{field.Name} -> {TypeText.Of(field.FieldType)}{(field.IsLiteral ? ", const" : field.IsStatic ? ", static" : "")}",
        EventInfo declared => $"{declared.Name} -> {TypeText.Of(declared.EventHandlerType!)}, event",
        _ => null,
    };

    private static string? Property(PropertyInfo property)
    {
        MethodInfo? get = property.GetMethod is { } g && IsVisible(g) ? g : null;
        MethodInfo? set = property.SetMethod is { } s && IsVisible(s) ? s : null;
        if ((get ?? set) is not { } accessor || IsOverride(accessor))
            return null;
        ParameterInfo[] indices = property.GetIndexParameters();
        string index = indices.Length > 0 ? $"[{string.Join(", ", indices.Select(Parameter))}]" : "";
        bool isInit = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        return $"{property.Name}{index} {{{(get != null ? " get;" : "")}{(set == null ? "" : isInit ? " init;" : " set;")} }} -> "
            + TypeText.Nullable(property) + Marks(accessor);
    }

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter) => (parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "")
        + $"{TypeText.Nullable(parameter)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Value(parameter.DefaultValue)}" : "");

    private static object Value(object? value) => value switch
    {
        null => "default",
        bool b => b ? "true" : "false",
        _ => value,
    };

    private static string Marks(MethodBase method) => (method.IsFamily || method.IsFamilyOrAssembly ? ", protected" : "")
        + (method.IsStatic ? ", static" : "")
        + (method.IsAbstract ? ", abstract" : method is { IsVirtual: true, IsFinal: false } ? ", virtual" : "");

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOverride(MethodInfo method) => method.GetBaseDefinition() != method;
}

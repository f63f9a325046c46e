using System.Reflection;

namespace ReSTE.Native.Package.Tests.PublicApi;

/// <summary>Types as C# writes them.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    public static string Of(Type type)
    {
        if (System.Nullable.GetUnderlyingType(type) is { } value)
            return Of(value) + "?";
        if (s_keywords.TryGetValue(type, out string? keyword))
            return keyword;
        if (type.HasElementType)
            return Of(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        string name = type.IsNested && !type.IsGenericParameter ? $"{Of(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
            : name;
    }

    public static string Nullable(ParameterInfo parameter) =>
        Of(parameter.ParameterType) + Mark(parameter.ParameterType, new NullabilityInfoContext().Create(parameter).ReadState);

    public static string Nullable(PropertyInfo property) =>
        Of(property.PropertyType) + Mark(property.PropertyType, new NullabilityInfoContext().Create(property).ReadState);

    /// <summary>What sort of type it is, its base, and what it implements beside that.</summary>
    public static string Kind(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        Type[] inherited = [.. type.BaseType?.GetInterfaces() ?? []];
        IEnumerable<string> bases = type.GetInterfaces()
            .Where(i => i.IsPublic && !inherited.Contains(i) && !i.IsGenericType).Select(Of).Order(StringComparer.Ordinal);
        if (type is { IsValueType: false, BaseType: { } parent } && parent != typeof(object))
            bases = bases.Prepend(Of(parent));
        return type.IsEnum ? kind : string.Join(", ", bases.Prepend(kind));
    }

    private static string Mark(Type type, NullabilityState state) => !type.IsValueType && state == NullabilityState.Nullable ? "?" : "";
}
